package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeapLogTest {
    private static String collection(int before, int after) {
        return "[0.412s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) " + before + "M->" + after
                + "M(64M) 3.1ms";
    }

    @Test
    void heap_ofALog_isTheMostAndTheLowOfTheSecondHalf() {
        Stream<String> lines = Stream.of(
                "[0.006s][info][gc] Using G1",
                collection(23, 5),
                collection(41, 9),
                "[0.612s][info][gc] GC(2) Concurrent Undo Cycle 1.170ms",
                collection(36, 12),
                collection(40, 8));

        assertThat(HeapLog.heap(lines)).isEqualTo(new HeapLog.Heap(41, 8));
    }

    @Test
    void heap_withoutCollections_isNothing() {
        assertThat(HeapLog.heap(Stream.of("[0.006s][info][gc] Using G1"))).isEqualTo(new HeapLog.Heap(0, 0));
    }
}
