package miroir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.DatabaseConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.TenantConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a tenant, {@code tenants/NAME}: a file {@code server.yaml}, and folders {@code search}, {@code theme} and {@code views} where it has others than the server.
 *
 * @param search the folder with its search parameters
 * @param theme the folder with what its pages look like; it need not be there
 * @param views the folder with its views; it need not be there
 */
record TenantFiles(ServerConfiguration configuration, Path search, Path theme, Path views) {
    private static final String FILE = "server.yaml";
    private static final String SEARCH = "search";
    private static final String THEME = "theme";
    private static final String VIEWS = "views";

    /** Those of a folder of configuration, by name. */
    static List<TenantFiles> readAll(
            Path folder, ServerConfiguration server, Function<String, @Nullable String> environment)
            throws IOException {
        Path tenants = folder.resolve("tenants");
        if (!Files.isDirectory(tenants)) {
            return List.of();
        }
        List<Path> folders;
        try (Stream<Path> all = Files.list(tenants)) {
            folders = all.filter(Files::isDirectory)
                    .filter(each -> !each.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        List<TenantFiles> read = new ArrayList<>();
        for (Path each : folders) {
            read.add(read(each, folder, server, environment));
        }
        return read;
    }

    private static TenantFiles read(
            Path folder, Path ofServer, ServerConfiguration server, Function<String, @Nullable String> environment)
            throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused(file.toString(), "cannot be read; each folder in tenants is a tenant's");
        }
        ServerConfiguration configuration = TenantConfiguration.read(
                folder.getFileName().toString(), file.toString(), Files.readString(file), environment, server);
        return new TenantFiles(
                configuration,
                own(SEARCH, folder, ofServer),
                own(THEME, folder, ofServer),
                own(VIEWS, folder, ofServer));
    }

    /** Its own folder of that name, or the server's. */
    private static Path own(String name, Path folder, Path ofServer) {
        Path own = folder.resolve(name);
        return Files.isDirectory(own) ? own : ofServer.resolve(name);
    }

    /** Refuses two in one database, or with one token in their files. What two names of one database server are cannot be seen here. */
    static void requireApart(ServerConfiguration server, List<TenantFiles> tenants) throws IOException {
        requireOtherTokens(server, tenants);
        String directory = server.search().directoryPath().orElse("");
        Set<String> databases = new HashSet<>();
        databases.add(database(server.database()));
        for (TenantFiles each : tenants) {
            if (each.configuration().tenant().equals(directory)) {
                throw new ConfigurationRefused(
                        "tenants/" + directory, "search.directoryPath of the server is called like that, too");
            }
            DatabaseConfiguration database = each.configuration().database();
            if (!databases.add(database(database))) {
                throw new ConfigurationRefused(
                        "tenants/" + each.configuration().tenant() + "/" + FILE,
                        "database.name is " + database.name()
                                + ", in which somebody else lives: each tenant has its own");
            }
        }
    }

    /** One token would open both. The server's own file is made by who starts it, so it may not be there yet. */
    private static void requireOtherTokens(ServerConfiguration server, List<TenantFiles> tenants) throws IOException {
        Set<String> tokens = new HashSet<>();
        if (server.access().writeTokenFile().filter(Files::isReadable).isPresent()) {
            FileToken.of(server).ifPresent(tokens::add);
        }
        for (TenantFiles each : tenants) {
            Optional<String> token = FileToken.of(each.configuration());
            if (token.isPresent() && !tokens.add(token.get())) {
                throw new ConfigurationRefused(
                        "tenants/" + each.configuration().tenant() + "/" + FILE,
                        "the token in access.writeTokenFile is that of somebody else, too");
            }
        }
    }

    private static String database(DatabaseConfiguration database) {
        return database.uri() + " " + database.name();
    }
}
