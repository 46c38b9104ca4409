package miroir.index.path;

/** An expression that is not FHIRPath, or not the part of it that is understood; the message says where and why. */
public final class PathRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int at;

    /** One whose reason begins at that character. */
    public PathRefused(int at, String reason) {
        super(reason, null, false, false);
        this.at = at;
    }

    /** The sentence for whoever wrote the expression. */
    public String explain(String expression) {
        return "at character " + (at + 1) + " of \"" + expression + "\": " + getMessage();
    }
}
