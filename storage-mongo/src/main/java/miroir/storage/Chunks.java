package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** A list in parts that are no larger than a command may be; what is larger by itself is a part alone. */
final class Chunks {
    private Chunks() {}

    static <T> List<List<T>> of(List<T> whole, ToIntFunction<T> size, int most) {
        List<List<T>> chunks = new ArrayList<>();
        int room = 0;
        for (T each : whole) {
            int bytes = size.applyAsInt(each);
            if (chunks.isEmpty() || bytes > room) {
                chunks.add(new ArrayList<>());
                room = most;
            }
            chunks.get(chunks.size() - 1).add(each);
            room -= bytes;
        }
        return chunks;
    }
}
