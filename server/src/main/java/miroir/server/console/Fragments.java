package miroir.server.console;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;

/** Parts of pages that are shown as they are now for as long as somebody looks, each to who may see the page that it is on. */
final class Fragments {
    /** Names stand in lines of events. */
    private static final Pattern NAME = Pattern.compile("[a-z]{1,40}(:[!-~]{0,200})?");

    private final Map<String, Kind> kinds = new TreeMap<>();

    /**
     * A kind of them.
     *
     * @param needed who may see it
     * @param present what there is to show, by what stands behind the colon of its name; equal as long as nothing changes
     * @param begun is run for each who begins to look
     * @param template that writes it, and what is shown is called there
     */
    private record Kind(
            AdministratorRole needed,
            Function<String, ?> present,
            BiConsumer<View, String> begun,
            String template,
            String parameter) {}

    /** One of them. */
    static final class Fragment {
        private final String name;
        private final Kind kind;
        private final String which;

        private Fragment(String name, Kind kind) {
            String[] parts = name.split(":", 2);
            this.name = name;
            this.kind = kind;
            this.which = parts.length == 2 ? parts[1] : "";
        }

        Object present() {
            return kind.present().apply(which);
        }

        String html(View view, Object present) {
            return Pages.part(kind.template(), Map.of("view", view, kind.parameter(), present));
        }

        /** Refused where who looks may not see it, or not any more. */
        void require(View view) {
            if (!view.exchange().administrator().isAtLeast(kind.needed())) {
                throw new Refusal(
                        Refusal.Reason.FORBIDDEN,
                        "of=" + Refusal.shown(name) + " needs the role "
                                + kind.needed().word());
            }
        }

        /** Somebody begins to look. */
        void begin(View view) {
            kind.begun().accept(view, which);
        }
    }

    /** One more, for who has that role; it is called what its template calls what is shown. */
    Fragments with(
            String name, AdministratorRole needed, Function<String, ?> present, String template, String parameter) {
        return with(name, needed, present, (view, which) -> {}, template, parameter);
    }

    /** The same of which it is told that somebody begins to look. */
    Fragments with(
            String name,
            AdministratorRole needed,
            Function<String, ?> present,
            BiConsumer<View, String> begun,
            String template,
            String parameter) {
        kinds.put(name, new Kind(needed, present, begun, template, parameter));
        return this;
    }

    Fragment find(String name) {
        Kind kind = isName(name) ? kinds.get(name.split(":", 2)[0]) : null;
        if (kind == null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "of=" + Refusal.shown(name) + " is not known; there are " + String.join(", ", kinds.keySet()));
        }
        return new Fragment(name, kind);
    }

    /** Whether that can be one's name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
