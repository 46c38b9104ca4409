package miroir.index.json;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import miroir.index.NearestName;

/** Values of strangers, cut so that a message stays readable. */
public final class Shortened {
    private static final int MOST = 60;

    private Shortened() {}

    /** The value in quotes; control characters and lone surrogates are replaced. */
    public static String quote(String value) {
        StringBuilder text = new StringBuilder("'");
        value.codePoints()
                .limit(MOST)
                .map(c -> Character.isISOControl(c) || isSurrogate(c) ? '\uFFFD' : c)
                .forEach(text::appendCodePoint);
        return text.append(value.codePointCount(0, value.length()) > MOST ? "…'" : "'")
                .toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** The first values of a list. */
    static String list(List<String> values) {
        String text = values.stream().limit(MOST).collect(Collectors.joining(", "));
        return values.size() > MOST ? text + ", …" : text;
    }

    /** The "did you mean" for a name that is short enough to be one. */
    static Optional<String> meant(String unknown, Collection<String> known) {
        return unknown.length() > MOST
                ? Optional.empty()
                : NearestName.of(unknown, known).map(name -> "did you mean '" + name + "'?");
    }
}
