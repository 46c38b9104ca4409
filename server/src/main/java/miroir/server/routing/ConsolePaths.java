package miroir.server.routing;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.index.Refusal;

/** Where the administrators' pages are, and what their forms ask for: a form can only POST, so its path says the method of {@code /admin/api} as well. */
public final class ConsolePaths {
    /** The first of them; all others are below it. */
    public static final String CONSOLE = "/admin";

    /** Where somebody logs in. */
    public static final String LOG_IN = CONSOLE + "/login";

    /** What pages are made of that does not change. */
    public static final String ASSETS = "/assets";

    /** Parts of pages as they are now, one after the other as long as a browser listens. */
    public static final String EVENTS = CONSOLE + "/events";

    /** The same of the first page, for everybody. */
    public static final String EVENTS_OF_ALL = "/events";

    /** Below it is what forms are sent to. */
    public static final String FORMS = CONSOLE + "/do/";

    /** What they answer would be lost. */
    private static final Set<AdminRoute> WITHOUT_A_FORM =
            EnumSet.of(AdminRoute.SETUP_LINK, AdminRoute.REQUEST_TOKEN, AdminRoute.FETCH_TOKEN);

    private ConsolePaths() {}

    static boolean contains(String path) {
        return path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
    }

    /** Whether it is what a form of the console is sent to. */
    public static boolean isForm(String path) {
        return path.startsWith(FORMS);
    }

    /** Whether a script asks there for parts of pages. */
    public static boolean isOfEvents(String path) {
        return path.equals(EVENTS) || path.equals(EVENTS_OF_ALL);
    }

    /** Where a form is sent that asks for this, below {@code /admin/api}. */
    public static String form(String method, String path) {
        return FORMS + method.toLowerCase(Locale.ROOT) + "/" + path;
    }

    /** What a form asks for. */
    public static AdminCall call(String method, String path) {
        if (!method.equals("POST")) {
            throw new MethodRefused(method, "a form", List.of("POST"));
        }
        String[] parts = path.substring(FORMS.length()).split("/", 2);
        if (parts.length < 2) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no form is sent to \"" + Refusal.shown(path) + "\"");
        }
        AdminCall call = AdminRoute.find(parts[0].toUpperCase(Locale.ROOT), AdminRoute.BASE + "/" + parts[1]);
        if (WITHOUT_A_FORM.contains(call.route()) || call.route().isGet()) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no form is sent to \"" + Refusal.shown(path) + "\"");
        }
        return call;
    }

    /** Whether anybody may see it. */
    public static boolean isForAll(String path) {
        return path.equals(LOG_IN) || path.equals(Router.FORM);
    }
}
