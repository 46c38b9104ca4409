package miroir.server.pipeline;

import java.io.IOException;

/**
 * An answer that was sent in part and cannot be ended. Containers cut the connection where this comes to them: an end would say that what was sent is all.
 */
public final class CutAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    /** One that broke off for this. */
    public CutAnswer(Throwable why) {
        super("the answer ended early: " + why.getMessage(), why);
    }
}
