package miroir.server.console;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import org.jspecify.annotations.Nullable;

/** Parts of pages that are shown as they are now for as long as somebody looks, each to who may see the page that it is on. */
final class Fragments {
    /** Names stand in lines of events. */
    private static final Pattern NAME = Pattern.compile("[a-z]{1,40}(:[!-~]{1,200})?");

    private final Map<String, Kind> kinds = new TreeMap<>();

    /** Whether something stands behind the colon of a name. What nobody knows there would be a part of its own, as often as somebody thinks of a name. */
    private enum Colon {
        NEVER,
        PERHAPS,
        ALWAYS
    }

    /**
     * A kind of them.
     *
     * @param needed who may see it
     * @param template that writes it, and what is shown is called there
     */
    private record Kind(AdministratorRole needed, Colon colon, Reading reading, String template, String parameter) {}

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

        String name() {
            return name;
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
    Fragments with(String name, AdministratorRole needed, Supplier<?> present, String template, String parameter) {
        Reading reading = reading(which -> present.get());
        kinds.put(name, new Kind(needed, Colon.NEVER, reading, template, parameter));
        return this;
    }

    /** The same of one of many, which its name says behind a colon. */
    Fragments withEach(
            String name, AdministratorRole needed, Function<String, ?> present, String template, String parameter) {
        kinds.put(name, new Kind(needed, Colon.ALWAYS, reading(present), template, parameter));
        return this;
    }

    /** The same of what may be some of all, which its name then says behind a colon. */
    Fragments withSome(
            String name, AdministratorRole needed, Function<String, ?> present, String template, String parameter) {
        return withSome(name, needed, reading(present), template, parameter);
    }

    /** The same that is read in its own way. */
    Fragments withSome(String name, AdministratorRole needed, Reading reading, String template, String parameter) {
        kinds.put(name, new Kind(needed, Colon.PERHAPS, reading, template, parameter));
        return this;
    }

    private static Reading reading(Function<String, ?> present) {
        return new Reading(present::apply, present, (view, which) -> {});
    }

    Fragment find(String name) {
        Kind kind = isName(name) ? kinds.get(name.split(":", 2)[0]) : null;
        if (kind == null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "of=" + Refusal.shown(name) + " is not known; there are " + String.join(", ", kinds.keySet()));
        }
        requireColon(name, kind.colon());
        return new Fragment(name, kind);
    }

    private static void requireColon(String name, Colon allowed) {
        boolean isThere = name.contains(":");
        if (allowed != Colon.PERHAPS && isThere != (allowed == Colon.ALWAYS)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "of=" + Refusal.shown(name)
                            + (isThere
                                    ? " is not known; there is one of it, without a colon"
                                    : " needs a colon, and which one behind it"));
        }
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
