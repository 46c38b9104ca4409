package miroir.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Spoils samples of what a reader takes, so that most of it is still as the reader wants it and what is not is where it hurts: it is cut, doubled,
 * put together from two samples, nested, or has something in it that readers stumble over.
 */
final class Spoil {
    private static final int LONGEST = 64 << 10;
    private static final int MOST_CHANGES = 4;
    private static final int DEEP = 300;

    /** Ends and beginnings of values, numbers at the limits of types, and characters that mean something to somebody. */
    private static final List<byte[]> WORDS = List.of(
                    "\"",
                    "\\",
                    "\\u0000",
                    "\\ud800",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "null",
                    "true",
                    "{}",
                    "[]",
                    "\"\"",
                    "-",
                    "0",
                    "-0.0",
                    "1e999",
                    "1E-400",
                    "9223372036854775808",
                    "2147483648",
                    "0.1000000000000000000000000000000000001",
                    "<",
                    ">",
                    "</",
                    "/>",
                    "&",
                    "&amp;",
                    "&#0;",
                    "&x;",
                    "<!DOCTYPE a [<!ENTITY x \"y\">]>",
                    "<![CDATA[",
                    "]]>",
                    "<?x?>",
                    "<!--",
                    "xmlns=\"\"",
                    "%",
                    "%00",
                    "%zz",
                    "%C3",
                    "+",
                    "=",
                    "?",
                    "$",
                    "|",
                    "\\|",
                    "\\,",
                    "^",
                    "*",
                    ".",
                    "..",
                    "/",
                    "//",
                    "~0",
                    "~1",
                    "~2",
                    "/-",
                    "'",
                    "(",
                    ")",
                    "{\"$where\":1}",
                    "$ne",
                    "_id",
                    "__proto__",
                    ":not",
                    ":missing",
                    ":contains",
                    ":iterate",
                    "_has:",
                    "_filter=",
                    "gt",
                    "ap",
                    "2024-02-30",
                    "9999-12-31",
                    "24:00",
                    "resourceType",
                    "contained",
                    "extension",
                    "\r\n",
                    "\n",
                    "\0",
                    "\t",
                    "\u00e9",
                    "\u2028",
                    "\ufeff",
                    "\ud83d\ude00",
                    "urn:uuid:",
                    "http://",
                    "Patient/1",
                    "%context",
                    "iif(",
                    "resolve()",
                    "Content-Length: 1\r\n")
            .stream()
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final Random random;
    private final List<byte[]> samples;

    Spoil(Random random, List<byte[]> samples) {
        this.random = random;
        this.samples = List.copyOf(samples);
    }

    /** Another input; one of a hundred is a sample as it is. */
    byte[] next() {
        byte[] input = any();
        if (random.nextInt(100) == 0) {
            return input;
        }
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes; i++) {
            input = change(input);
        }
        return input.length <= LONGEST ? input : Arrays.copyOf(input, LONGEST);
    }

    private byte[] any() {
        return samples.get(random.nextInt(samples.size()));
    }

    private byte[] change(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + span());
        return switch (random.nextInt(10)) {
            case 0 -> flipped(input);
            case 1 -> replaced(input, from, to, new byte[0]);
            case 2 -> replaced(input, from, from, Arrays.copyOfRange(input, from, to));
            case 3 -> Arrays.copyOf(input, from);
            case 4 -> replaced(input, from, to, noise());
            case 5 -> replaced(input, from, to, some(any()));
            case 6 -> replaced(input, from, from, nested());
            case 7 -> replaced(input, from, to, word());
            default -> replaced(input, from, from, word());
        };
    }

    /** Mostly a few bytes, sometimes hundreds. */
    private int span() {
        return random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(12);
    }

    private byte[] flipped(byte[] input) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(6)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] some(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + span()));
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private byte[] nested() {
        String[] openings = {
            "[", "{\"a\":", "(", "<a>", "/a", ".a", "\\", "-", "extension\":[{\"", "_has:Patient:subject:"
        };
        return openings[random.nextInt(openings.length)]
                .repeat(1 + random.nextInt(DEEP))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        byte[] made = new byte[input.length - (to - from) + by.length];
        System.arraycopy(input, 0, made, 0, from);
        System.arraycopy(by, 0, made, from, by.length);
        System.arraycopy(input, to, made, from + by.length, input.length - to);
        return made;
    }
}
