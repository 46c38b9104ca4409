package miroir.face;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/**
 * What pages say in a language.
 *
 * @param language as it is asked for
 */
record Words(String language, Properties all) {
    static Words in(String language) {
        String name = "/miroir/server/console/messages_" + language + ".properties";
        Properties all = new Properties();
        try (InputStream in = Objects.requireNonNull(Words.class.getResourceAsStream(name), name)) {
            all.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
        return new Words(language, all);
    }

    String say(String key, Object... values) {
        String text = Objects.requireNonNull(all.getProperty(key), key);
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(values[i]));
        }
        return text;
    }
}
