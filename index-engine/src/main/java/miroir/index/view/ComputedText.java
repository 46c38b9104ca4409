package miroir.index.view;

import miroir.index.Refusal;

/** Texts that expressions make. What is computed may be computed with again, and each time it can be several times as long; so there is an end to it. */
final class ComputedText {
    private static final int LONGEST = 1 << 20;

    private ComputedText() {}

    /** One behind the other. */
    static String of(String first, String second) {
        requireBound((long) first.length() + second.length());
        return first + second;
    }

    /** Returns if a text may be so long. */
    static void requireBound(long length) {
        if (length > LONGEST) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    "an expression makes a text of more than " + LONGEST + " characters of it, which is the most");
        }
    }
}
