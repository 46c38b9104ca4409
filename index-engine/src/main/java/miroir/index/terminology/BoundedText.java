package miroir.index.terminology;

import miroir.index.Refusal;

/**
 * A text that a regular expression may look at only so often. Some expressions look at a text of thirty letters a billion times, and whoever
 * writes a value set writes the expression.
 */
record BoundedText(CharSequence text, Steps steps) implements CharSequence {

    /** How often one search may look at a letter. */
    static final class Steps {
        private static final int MOST = 20_000_000;
        private int left = MOST;

        void take() {
            left--;
            if (left < 0) {
                throw new Refusal(
                        Refusal.Reason.TOO_COSTLY,
                        "a regular expression in its filters takes too long to be tested on the code system");
            }
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        steps.take();
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
