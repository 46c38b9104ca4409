package miroir.server.configuration;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How e-mail is sent.
 *
 * @param server {@code smtp://host:port}, which takes TLS where the server has it, or {@code smtps://host:port}
 * @param name by which the server knows us; null: it takes mail from anybody
 * @param word the password for that; null: there is none
 */
public record MailConfiguration(
        URI server, @Nullable String name, @Nullable String word, String from, List<String> to) {
    static final List<String> KEYS = List.of("server", "user", "password", "from", "to");

    private static final int SMTP = 25;
    private static final int SMTPS = 465;
    private static final int MOST = 20;

    public MailConfiguration {
        to = List.copyOf(to);
    }

    /** Null where no server is named. */
    static @Nullable MailConfiguration read(Section section) {
        URI server = section.text("server")
                .map(text -> section.address(
                        "server",
                        text,
                        Set.of("smtp", "smtps"),
                        uri -> uri.getRawPath().isEmpty() && uri.getRawUserInfo() == null,
                        "a server such as smtp://mail.example.org:587 or smtps://mail.example.org; user and"
                                + " password have keys of their own"))
                .orElse(null);
        String user = section.text("user").orElse(null);
        String password = section.secret("password").orElse(null);
        String from = section.text("from").orElse("");
        List<String> to = section.texts("to");
        if (server == null) {
            return null;
        }
        if (to.isEmpty() || to.size() > MOST) {
            throw section.refuse("alerts.mail.to has " + to.size() + " addresses; allowed are 1 to " + MOST);
        }
        to.forEach(address -> requireAddress(section, "to", address));
        requireAddress(section, "from", from);
        if ((user == null) != (password == null)) {
            throw section.refuse("alerts.mail.user and alerts.mail.password go together, and one of them is missing");
        }
        return new MailConfiguration(server, user, password, from, to);
    }

    private static void requireAddress(Section section, String key, String address) {
        if (!address.matches("[^\\s@<>,;\"]{1,64}@[A-Za-z0-9.-]{1,190}")) {
            throw section.refuse(
                    "alerts.mail." + key + ": \"" + address + "\" is not an address such as it@example.org");
        }
    }

    public boolean isOverTls() {
        return "smtps".equals(server.getScheme());
    }

    public int port() {
        return server.getPort() > 0 ? server.getPort() : isOverTls() ? SMTPS : SMTP;
    }

    public Optional<String> user() {
        return Optional.ofNullable(name);
    }

    public Optional<String> password() {
        return Optional.ofNullable(word);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MailConfiguration[" + server + ", " + from + ", " + to + "]";
    }
}
