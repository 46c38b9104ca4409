package miroir.server.console;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.admin.ExportActions;
import miroir.server.load.Load;

/** Parts of pages that are shown as they are now for as long as somebody looks. */
final class Fragments {
    /** Names stand in lines of events. */
    private static final Pattern NAME = Pattern.compile("[a-z]{1,40}(:[!-~]{0,200})?");

    private final Map<String, Kind> kinds = new TreeMap<>();

    /**
     * A kind of them.
     *
     * @param present what there is to show, by what stands behind the colon of its name; equal as long as nothing changes
     * @param html of that, for somebody
     */
    private record Kind(Function<String, Object> present, BiFunction<View, Object, String> html) {}

    /** One of them. */
    interface Fragment {
        Object present();

        String html(View view, Object present);
    }

    Fragments(ReadSynchronisations read, Load load, ExportActions exports) {
        kinds.put(
                "exports",
                new Kind(
                        none -> ExportList.of(exports.known()),
                        (view, list) -> Pages.part("exportList", Map.of("view", view, "list", list))));
        kinds.put(
                "load",
                new Kind(
                        code -> LoadShown.of(load, code),
                        (view, shown) -> Pages.part("loadCharts", Map.of("view", view, "shown", shown))));
        kinds.put(
                "synchronisations",
                new Kind(
                        read::list,
                        (view, list) -> Pages.part("synchronisationList", Map.of("view", view, "list", list))));
        kinds.put(
                "synchronisation",
                new Kind(
                        dotted -> read.detail(read.require(dotted)),
                        (view, detail) -> Pages.part("synchronisationDetail", Map.of("view", view, "detail", detail))));
        kinds.put(
                "run",
                new Kind(
                        read::runDetail,
                        (view, detail) -> Pages.part("runDetail", Map.of("view", view, "detail", detail))));
        kinds.put(
                "sources",
                new Kind(
                        none -> read.sources(),
                        (view, list) -> Pages.part("sourceList", Map.of("view", view, "list", list))));
    }

    Fragment find(String name) {
        String[] parts = name.split(":", 2);
        Kind kind = kinds.get(parts[0]);
        if (kind == null || !NAME.matcher(name).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "of=" + Refusal.shown(name) + " is not known; there are " + String.join(", ", kinds.keySet()));
        }
        String which = parts.length == 2 ? parts[1] : "";
        return new Fragment() {
            @Override
            public Object present() {
                return kind.present().apply(which);
            }

            @Override
            public String html(View view, Object present) {
                return kind.html().apply(view, present);
            }
        };
    }
}
