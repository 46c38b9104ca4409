package miroir.server.pages;

/** Text in HTML. */
public final class Html {
    private Html() {}

    /** The text as it stands in an element or in a value in quotes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
