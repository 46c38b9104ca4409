package miroir.server.configuration;

import java.util.List;

/**
 * A key that the server reads, and what it is here.
 *
 * @param key with the sections that it is in, such as {@code search.maximumCount}
 * @param value as it was written; empty: there is none, or it is a secret
 * @param byDefault the same where nobody says otherwise
 * @param from the place in the file, or the variables of the environment
 * @param isSecret whether nobody is shown what it is
 * @param isChangeable whether it may be set in the console, while servers run
 * @param choices those that are allowed, where they are few
 */
public record Setting(
        String key,
        String value,
        String byDefault,
        Origin origin,
        String from,
        boolean isSecret,
        boolean isChangeable,
        List<String> choices) {
    /** Who says what a value is. */
    public enum Origin {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        CONSOLE
    }

    public Setting {
        choices = List.copyOf(choices);
        if (isSecret && !(value.isEmpty() && byDefault.isEmpty())) {
            throw new IllegalArgumentException(key + " is a secret, and stays where it is");
        }
    }

    /** The section that it is in. */
    public String section() {
        return key.substring(0, key.indexOf('.'));
    }
}
