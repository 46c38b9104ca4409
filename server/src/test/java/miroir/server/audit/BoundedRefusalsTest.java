package miroir.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.NoteId;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

final class BoundedRefusalsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final BoundedRefusals refusals = new BoundedRefusals(() -> now);

    private Note refusal(String network) {
        return new Note(NoteId.make(now), new BsonDocument("network", new BsonString(network)));
    }

    private long notedAtOnce(String network, int times) {
        return IntStream.range(0, times)
                .filter(i -> refusals.note(network, refusal(network)).isPresent())
                .count();
    }

    @Test
    void flood_ofOneNetwork_isNotedInPartAndCountedWhole() {
        long atOnce = notedAtOnce("a", 1_000);
        assertThat(atOnce).isEqualTo(10);
        assertThat(refusals.counted()).isEmpty();

        now = now.plusSeconds(1);
        List<Note> counted = refusals.counted();
        assertThat(counted).hasSize(1);
        assertThat(counted.get(0).content().getNumber("more").longValue()).isEqualTo(1_000 - 10 - 1);
        now = now.plusSeconds(100);
        assertThat(refusals.counted()).isEmpty();
        assertThat(notedAtOnce("a", 10)).isEqualTo(10);
    }

    @Test
    void flood_ofOneNetwork_leavesRoomForOthers() {
        notedAtOnce("a", 1_000);

        assertThat(notedAtOnce("b", 1)).isEqualTo(1);
    }

    @Test
    void whatIsCounted_isAllThereAtTheEnd_andNobodyIsTheLastForEver() {
        for (int network = 0; network < 60; network++) {
            notedAtOnce("network " + network, 20);
        }
        Set<String> noted = new HashSet<>();
        for (int second = 0; second < 3; second++) {
            now = now.plusSeconds(1);
            refusals.counted()
                    .forEach(note ->
                            noted.add(note.content().getString("network").getValue()));
        }
        assertThat(noted).hasSize(60);
        notedAtOnce("network 1", 100);
        long rest = refusals.rest().stream()
                .mapToLong(note ->
                        1 + note.content().getNumber("more", new BsonInt64(0)).longValue())
                .sum();
        assertThat(rest).isPositive();
        assertThat(refusals.rest()).isEmpty();
    }

    @Test
    void flood_ofManyNetworks_isBoundedAsAWhole() {
        long atOnce = IntStream.range(0, 50_000)
                .mapToLong(i -> notedAtOnce("network " + i, 1))
                .sum();
        assertThat(atOnce).isEqualTo(200);

        long counted = 0;
        for (int second = 0; second < 10; second++) {
            now = now.plusSeconds(1);
            counted += refusals.counted().size();
        }
        assertThat(counted).isEqualTo(10 * 20);
    }
}
