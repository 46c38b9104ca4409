package miroir.sql.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import miroir.sql.database.Place;
import miroir.sql.database.PostgresPlace;
import miroir.sql.database.SqlitePlace;
import miroir.sql.table.SqlNames;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * One copy.
 *
 * @param views ids of the views that are copied; none: all
 */
public record CopyConfiguration(String name, Place place, List<String> views) {
    static final List<String> KEYS =
            List.of("to", "user", "passwordFile", "passwordVariable", "schema", "readers", "views");

    private static final String SQLITE = "sqlite:";
    private static final String POSTGRES = "jdbc:postgresql:";
    private static final String WITH_SECRETS =
            "has a password or a user in it; user has the one, and passwordFile or passwordVariable the other";
    private static final Pattern SECRET = Pattern.compile("[?&](user|password|sslpassword)=");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    public CopyConfiguration {
        views = List.copyOf(views);
    }

    /**
     * Reads it.
     *
     * @param folder where files are that are not said to be elsewhere
     */
    static CopyConfiguration read(
            String name, YamlNode node, Path folder, Function<String, @Nullable String> environment) {
        node.allowOnly(KEYS.toArray(String[]::new));
        if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
            throw node.refuse("\"" + name
                    + "\" is no name of a copy: a small letter, then up to 39 small letters, digits and hyphens");
        }
        YamlNode views = node.find("views");
        if (views != null
                && !views.isEmpty()
                && !views.isMapping()
                && views.texts().isEmpty()) {
            throw views.refuse("names none; leave it out for all views, or leave out the copy");
        }
        return new CopyConfiguration(
                name,
                place(name, node, folder, environment),
                views == null
                                || views.isEmpty()
                                || (!views.isMapping() && views.texts().equals(List.of("all")))
                        ? List.of()
                        : views.texts());
    }

    private static Place place(
            String name, YamlNode node, Path folder, Function<String, @Nullable String> environment) {
        String to = text(node, "to", SQLITE);
        if (to.startsWith(POSTGRES)) {
            return postgres(node, to, environment);
        }
        if (!to.startsWith(SQLITE)) {
            throw node.require("to").refuse("is neither sqlite:FILE nor jdbc:postgresql://HOST/DATABASE");
        }
        for (String key : List.of("user", "passwordFile", "schema", "readers")) {
            YamlNode found = node.find(key);
            if (found != null
                    && !found.isEmpty()
                    && (found.isMapping() || !found.texts().isEmpty())) {
                throw found.refuse("is for PostgreSQL, and this copy is a file");
            }
        }
        String file = to.substring(SQLITE.length());
        return new SqlitePlace(folder.resolve(file.isEmpty() ? name + ".sqlite" : file)
                .toAbsolutePath()
                .normalize());
    }

    /** The URL may be told, so it has no password. */
    private static Place postgres(YamlNode node, String url, Function<String, @Nullable String> environment) {
        YamlNode to = node.require("to");
        if (url.contains("@") || SECRET.matcher(url).find()) {
            throw to.refuse(WITH_SECRETS);
        }
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw to.refuse(
                    "is not understood as an address of PostgreSQL, such as jdbc:postgresql://127.0.0.1:5432/directory");
        }
        String schema = text(node, "schema", "miroir");
        requireName(node, "schema", schema);
        YamlNode readers = node.find("readers");
        List<String> roles = readers == null || readers.isEmpty() ? List.of() : readers.texts();
        roles.forEach(role -> requireName(node, "readers", role));
        String user = text(node, "user", "");
        boolean isNear = List.of(parsed.getProperty("PGHOST", "localhost").split(",", -1)).stream()
                .allMatch(LOOPBACK::contains);
        return new PostgresPlace(
                url,
                user.isEmpty() ? null : user,
                password(node, environment),
                !isNear && !parsed.containsKey("sslmode"),
                schema,
                roles);
    }

    private static void requireName(YamlNode node, String key, String name) {
        if (!SqlNames.isName(name)) {
            throw node.require(key).refuse("\"" + name + "\" is no name here, which is " + SqlNames.allowed());
        }
    }

    private static @Nullable String password(YamlNode node, Function<String, @Nullable String> environment) {
        String file = text(node, "passwordFile", "");
        if (file.isEmpty()) {
            String variable = text(node, "passwordVariable", "");
            String password = variable.isEmpty() ? null : environment.apply(variable);
            return password == null || password.isEmpty() ? null : password;
        }
        try {
            String password = Files.readString(Path.of(file)).strip();
            if (password.isEmpty()) {
                throw node.require("passwordFile").refuse("the file " + file + " is empty");
            }
            return password;
        } catch (IOException e) {
            throw node.require("passwordFile").refuse("the file " + file + " cannot be read");
        }
    }

    private static String text(YamlNode node, String key, String otherwise) {
        YamlNode value = node.find(key);
        return value == null || value.isEmpty() ? otherwise : value.text();
    }

    /** Those of the views that are there which are copied. */
    public boolean copies(String view) {
        return views.isEmpty() || views.contains(view);
    }

    /** Refuses views that are not there. */
    public void requireKnown(Set<String> known) {
        for (String view : views) {
            if (!known.contains(view)) {
                throw new ConfigurationRefused(
                        "copies." + name + ".views",
                        "there is no view \"" + view + "\"; there are " + String.join(", ", known));
            }
        }
    }
}
