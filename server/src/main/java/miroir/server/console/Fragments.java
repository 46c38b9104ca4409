package miroir.server.console;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import org.jspecify.annotations.Nullable;

/** Parts of pages that are shown as they are now for as long as somebody looks, each to who may see the page that it is on. */
final class Fragments {
    /** Names stand in lines of events. */
    private static final Pattern NAME = Pattern.compile("[a-z]{1,40}(:[!-~]{0,200})?");

    private final Map<String, Kind> kinds = new TreeMap<>();

    /**
     * A kind of them.
     *
     * @param needed who may see it
     * @param template that writes it, and what is shown is called there
     */
    private record Kind(AdministratorRole needed, Reading reading, String template, String parameter) {}

    /**
     * How one is read, by what stands behind the colon of its name.
     *
     * @param present what there is to show, equal as long as nothing changes; null: that is not known yet
     * @param once the same for who waits for it
     * @param begun is run for each who begins to look, and refuses what cannot be looked at
     */
    record Reading(Shown present, Function<String, ?> once, BiConsumer<View, String> begun) {
        /** What is there to show. */
        @FunctionalInterface
        interface Shown {
            @Nullable
            Object read(String which);
        }
    }

    /** One of them. */
    static final class Fragment {
        private final String name;
        private final Kind kind;
        private final String which;

        private Fragment(String name, Kind kind) {
            this.name = name;
            this.kind = kind;
            this.which = which(name);
        }

        /** Null: that is not known yet. */
        @Nullable
        Object present() {
            return kind.reading().present().read(which);
        }

        /** For who waits for it. */
        Object once() {
            return kind.reading().once().apply(which);
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
            kind.reading().begun().accept(view, which);
        }

        /** What is not there is not looked at for as long as somebody likes; what cannot be read now may be there. */
        void requireThere() {
            try {
                if (!which.isEmpty()) {
                    present();
                }
            } catch (Refusal refused) {
                if (refused.reason() != Refusal.Reason.NOT_READY) {
                    throw refused;
                }
            }
        }
    }

    /** One more, for who has that role; it is called what its template calls what is shown. */
    Fragments with(
            String name, AdministratorRole needed, Function<String, ?> present, String template, String parameter) {
        return with(name, needed, new Reading(present::apply, present, (view, which) -> {}), template, parameter);
    }

    /** The same that is read in its own way. */
    Fragments with(String name, AdministratorRole needed, Reading reading, String template, String parameter) {
        kinds.put(name, new Kind(needed, reading, template, parameter));
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

    /** What stands behind the colon of a name. */
    static String which(String name) {
        String[] parts = name.split(":", 2);
        return parts.length == 2 ? parts[1] : "";
    }

    /** Whether that can be one's name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
