package miroir.server.console;

/**
 * Why a page is not shown.
 *
 * @param key of what that kind of failure is called
 * @param sentence that says what is wrong and what is allowed
 * @param logIn where somebody logs in, to come back then
 */
record FailureShown(
        View view, String title, String key, String sentence, boolean isForLogin, String logIn, String requestId) {
    /** Of a page that is not there the title says all; of anything else people read what is wrong with what they asked for. */
    boolean isFolded() {
        return key.equals("failure.404");
    }
}
