package miroir.server.console;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import miroir.server.console.Fragments.Fragment;

/** How parts of pages looked last, for each who see them alike: what looks as it did is written down once for all of them. Not thread-safe. */
final class Looks {
    private final Map<Watched, Look> all = new HashMap<>();
    private long last;

    /** A fragment, and for whom. */
    private record Watched(String name, View.Alike alike) {}

    /** How it looks now to who looks like that. */
    Look of(View view, String name, Fragment fragment, Object now) {
        Watched watched = new Watched(name, view.alike());
        Look known = all.get(watched);
        if (known != null && known.shows(now)) {
            return known;
        }
        Look look = Look.of(name, now, fragment.html(view.forAllAlike(), now), known, ++last);
        all.put(watched, look);
        return look;
    }

    /** Forgets what nobody of these looks at. */
    void keepOf(Collection<EventStream> streams) {
        Set<Watched> watched = new HashSet<>();
        streams.forEach(stream -> stream.fragments()
                .forEach(name -> watched.add(new Watched(name, stream.view().alike()))));
        all.keySet().retainAll(watched);
    }

    void forget() {
        all.clear();
    }
}
