package miroir.server.admin;

import miroir.server.routing.Router;

/** The link by which the first administrator makes himself one. */
public final class SetUpLink {
    private SetUpLink() {}

    /** The one with that code. */
    public static String of(String root, String code) {
        return root + Router.FORM + "?code=" + code;
    }
}
