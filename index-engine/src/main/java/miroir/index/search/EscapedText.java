package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;

/** FHIR's escapes in the values of parameters: a backslash before a comma, a pipe, a dollar or a backslash. */
public final class EscapedText {
    private static final String ESCAPABLE = ",|$\\";

    private EscapedText() {}

    /** The pieces between separators that are not escaped; escapes stay in the pieces. */
    static List<String> split(String value, char separator) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == separator) {
                pieces.add(value.substring(start, i));
                start = i + 1;
            }
        }
        pieces.add(value.substring(start));
        return pieces;
    }

    /** The text that is meant. */
    static String unescape(String piece) {
        if (piece.indexOf('\\') < 0) {
            return piece;
        }
        StringBuilder text = new StringBuilder(piece.length());
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            text.append(c == '\\' ? escaped(piece, ++i) : c);
        }
        return text.toString();
    }

    /** The text as it is written in a value. */
    public static String escape(String text) {
        StringBuilder piece = new StringBuilder(text.length() + 4);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ESCAPABLE.indexOf(c) >= 0) {
                piece.append('\\');
            }
            piece.append(c);
        }
        return piece.toString();
    }

    private static char escaped(String piece, int at) {
        if (at == piece.length() || ESCAPABLE.indexOf(piece.charAt(at)) < 0) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "a backslash escapes nothing; allowed are \\, \\| \\$ and \\\\ for a backslash itself");
        }
        return piece.charAt(at);
    }
}
