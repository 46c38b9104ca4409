package miroir.index.value;

import java.text.Normalizer;

/**
 * Text as searches compare it, so that {@code Élodie L’Hôte}, {@code elodie l'hote} and {@code ELODIE  L'HÔTE} are one, and so are
 * {@code SAINT ETIENNE} and {@code Saint-Étienne}.
 *
 * <p>Folding is: canonical decomposition without its marks, lower case, ligatures and letters with strokes as those that people type
 * instead, one kind of apostrophe, invisible characters dropped, every run of white space and hyphens one space, none at the ends. It is
 * idempotent, and
 * extraction and search must use the same one: a change here is a new extraction generation.
 *
 * <p>Most text of a directory is ASCII, and much of it already folded: that is recognised in one scan, which then
 * allocates nothing or one array.
 */
public final class FoldedText {
    private FoldedText() {}

    /** The folded form of a text; the same object when it is folded already. */
    public static String fold(String text) {
        int changed = firstChange(text);
        if (changed == text.length()) {
            return text;
        }
        return isAscii(text, changed) ? foldAscii(text, changed) : foldUnicode(text);
    }

    /** The index of the first character that folding may touch, or the length. */
    private static int firstChange(String text) {
        int length = text.length();
        boolean afterSpace = true;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean space = c == ' ';
            if (c >= 0x7f || c < ' ' || (c >= 'A' && c <= 'Z') || c == '`' || c == '-' || (space && afterSpace)) {
                return i;
            }
            afterSpace = space;
        }
        return length > 0 && afterSpace ? length - 1 : length;
    }

    private static boolean isAscii(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String foldAscii(String text, int unchanged) {
        Folding folding = new Folding(text.length());
        for (int i = 0; i < unchanged; i++) {
            folding.keep(text.charAt(i));
        }
        for (int i = unchanged; i < text.length(); i++) {
            folding.fold(text.charAt(i));
        }
        return folding.toString();
    }

    private static String foldUnicode(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
        Folding folding = new Folding(decomposed.length() + 4);
        decomposed.codePoints().forEach(folding::fold);
        return folding.toString();
    }

    /** Collects the folded characters; a space is written only once something follows it. */
    private static final class Folding {
        private final StringBuilder out;
        private boolean spaceDue;

        Folding(int capacity) {
            out = new StringBuilder(capacity);
        }

        void fold(int c) {
            if (c < 0x80) {
                keepAscii(c);
            } else if (!isMark(c)) {
                foldLetter(Character.toLowerCase(c));
            }
        }

        private void keepAscii(int c) {
            switch (c) {
                case '`' -> keep('\'');
                case '-' -> keep(' ');
                default -> keep(c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
        }

        void keep(int c) {
            if (isSpace(c)) {
                spaceDue = !out.isEmpty();
                return;
            }
            if (spaceDue) {
                out.append(' ');
                spaceDue = false;
            }
            out.appendCodePoint(c);
        }

        private void foldLetter(int c) {
            switch (c) {
                case 'œ' -> keepPair('o', 'e');
                case 'æ' -> keepPair('a', 'e');
                case 'ß' -> keepPair('s', 's');
                case 'þ' -> keepPair('t', 'h');
                case 'ĳ' -> keepPair('i', 'j');
                case 'ﬀ' -> keepPair('f', 'f');
                case 'ﬁ' -> keepPair('f', 'i');
                case 'ﬂ' -> keepPair('f', 'l');
                case 'ﬅ', 'ﬆ' -> keepPair('s', 't');
                case 'ﬃ' -> {
                    keep('f');
                    keepPair('f', 'i');
                }
                case 'ﬄ' -> {
                    keep('f');
                    keepPair('f', 'l');
                }
                case 'ø' -> keep('o');
                case 'ł' -> keep('l');
                case 'đ', 'ð' -> keep('d');
                case 'ħ' -> keep('h');
                case 'ı' -> keep('i');
                case 'ς' -> keep('σ');
                case '\u00b4', '\u2018', '\u2019', '\u201a', '\u201b', '\u2032', '\u2035', '\u02b9', '\u02bb' ->
                    keep('\'');
                case '\u02bc', '\u02bd', '\u02c8', '\u02ca', '\u02cb', '\ua78c', '\uff07' -> keep('\'');
                case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2043', '\u2212' -> keep(' ');
                case '\ufe58', '\ufe63', '\uff0d' -> keep(' ');
                case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff' -> {}
                default -> keep(c);
            }
        }

        private void keepPair(char first, char second) {
            keep(first);
            keep(second);
        }

        private static boolean isMark(int c) {
            return switch (Character.getType(c)) {
                case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
                default -> false;
            };
        }

        private static boolean isSpace(int c) {
            return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }
}
