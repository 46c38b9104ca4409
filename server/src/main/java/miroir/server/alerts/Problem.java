package miroir.server.alerts;

/**
 * Something that is wrong.
 *
 * @param subject what it is wrong with; an empty text where there is only one such thing
 * @param detail what more is known of it, in English
 */
record Problem(Kind kind, String subject, String detail) {
    private static final int LONGEST_DETAIL = 500;

    Problem {
        detail = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
    }

    /** By which it is known again, whatever is known of it by then. */
    String key() {
        return kind.code() + ":" + subject;
    }

    String french() {
        return kind.french(subject);
    }

    String english() {
        return kind.english(subject);
    }
}
