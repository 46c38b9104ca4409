package miroir.server.oidc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was asked for last. */
final class Remembered<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    private Remembered(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    static <K, V> Map<K, V> most(int most) {
        return Collections.synchronizedMap(new Remembered<>(most));
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
