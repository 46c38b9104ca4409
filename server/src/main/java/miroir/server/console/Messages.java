package miroir.server.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.util.Objects;
import java.util.Properties;
import miroir.server.pages.Language;

/**
 * What pages say, in one language, by keys. {@code {0}} stands for what is filled in; what is said of one thing and of several has two keys,
 * {@code .one} and {@code .many}. Nothing else is interpreted: apostrophes stand for themselves.
 */
final class Messages {
    private static final Messages FRENCH = new Messages(Language.FR);
    private static final Messages ENGLISH = new Messages(Language.EN);

    private final Language language;
    private final Properties texts;

    private Messages(Language language) {
        this.language = language;
        this.texts = read("messages_" + language.code() + ".properties");
    }

    static Properties read(String file) {
        try (InputStream in = Objects.requireNonNull(Messages.class.getResourceAsStream(file), file)) {
            Properties words = new Properties();
            words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Messages in(Language language) {
        return language == Language.FR ? FRENCH : ENGLISH;
    }

    Language language() {
        return language;
    }

    /** The text of a key; one that is not there is a mistake of ours, which shows. */
    String text(String key, Object... values) {
        String text = texts.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("no message is called " + key);
        }
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(values[i]));
        }
        return text;
    }

    boolean has(String key) {
        return texts.containsKey(key);
    }

    /** What is said of so many; in French none is one. */
    String count(String key, long number) {
        boolean isOne = number == 1 || (number == 0 && language == Language.FR);
        return text(key + (isOne ? ".one" : ".many"), number(number));
    }

    String number(long number) {
        return NumberFormat.getIntegerInstance(language.locale()).format(number);
    }

    /** A value as people write it: numbers as numbers, anything else as it is. */
    String value(String value) {
        return value.matches("[0-9]{1,15}(\\.[0-9]{1,6})?") ? numbers().format(Double.parseDouble(value)) : value;
    }

    /** With as many places as {@link miroir.storage.sync.Cause#percent} writes: a small share is not none. */
    private NumberFormat numbers() {
        NumberFormat numbers = NumberFormat.getNumberInstance(language.locale());
        numbers.setMaximumFractionDigits(4);
        return numbers;
    }

    Properties all() {
        return texts;
    }
}
