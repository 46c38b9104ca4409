package miroir.index.search;

import java.util.List;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The text of a token: {@code code}, {@code system|code}, {@code system|} or {@code |code}.
 *
 * @param system null: any; empty: none
 * @param code null: any
 */
record TokenText(@Nullable String system, @Nullable String code) {

    /** Reads one that is not empty; the name is what the second part is called. */
    static TokenText read(String value, String name) {
        List<String> parts = EscapedText.split(value, '|');
        String last = EscapedText.unescape(parts.get(parts.size() - 1));
        if (parts.size() == 1) {
            return new TokenText(null, last);
        }
        String system = EscapedText.unescape(parts.get(0));
        if (parts.size() > 2 || (system.isEmpty() && last.isEmpty())) {
            throw refusal(
                    value,
                    name + ", system|" + name + ", system| for any " + name + " of the system, |" + name
                            + " for one without a system");
        }
        return new TokenText(system, last.isEmpty() ? null : last);
    }

    static Refusal refusal(String value, String allowed) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "\"" + Refusal.shown(value) + "\" is not a token; allowed are " + allowed
                        + " (a | inside a part is written \\|)");
    }
}
