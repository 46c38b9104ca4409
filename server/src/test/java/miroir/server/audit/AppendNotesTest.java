package miroir.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.NoteId;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AppendNotesTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeptNotes kept = new KeptNotes();
    private final AppendNotes append = AppendNotes.begin(kept, new NoteCounts(meters), List::of, Duration.ofSeconds(3));

    @AfterEach
    void close() {
        kept.hold(false);
        append.close();
    }

    private static Note note() {
        return new Note(NoteId.make(Instant.now()), new BsonDocument());
    }

    private double count(String name) {
        return meters.get("miroir.audit." + name).counter().count();
    }

    @Test
    void append_ofManyAtOnce_isOneBatchForAllThatCameMeanwhile() {
        kept.hold(true);
        CompletableFuture<Void> first = append.append(note(), 1);
        await().until(() -> kept.attempts() == 1);
        List<CompletableFuture<Void>> others =
                Stream.generate(() -> append.append(note(), 1)).limit(300).toList();
        kept.hold(false);

        Stream.concat(Stream.of(first), others.stream()).forEach(CompletableFuture::join);
        assertThat(kept.batches()).hasSize(2);
        assertThat(kept.batches().get(1)).hasSize(300);
        assertThat(count("written")).isEqualTo(301);
    }

    @Test
    void append_thatFails_isToldToWhoWaits_andTriedAgainForWhoDoesNot() {
        kept.setBroken(true);
        Note later = note();
        append.appendLater(later, 1, false);
        assertThatThrownBy(() -> append.append(note(), 1).join()).hasCauseInstanceOf(Refusal.class);
        kept.setBroken(false);

        await().until(() -> !kept.batches().isEmpty());
        assertThat(kept.batches().get(0)).containsExactly(later);
        assertThat(count("failed")).isEqualTo(1);
        assertThat(count("dropped")).isZero();
    }

    @Test
    void append_ofOneThatCannotBeKept_isNoReasonToRefuseTheOthers() {
        kept.hold(true);
        append.appendLater(note(), 1, false);
        await().until(() -> kept.attempts() == 1);
        Note wrong = note();
        kept.refuse(wrong);
        List<CompletableFuture<Void>> all = IntStream.range(0, 40)
                .mapToObj(i -> append.append(i == 17 ? wrong : note(), 1))
                .toList();
        kept.hold(false);

        assertThatThrownBy(() -> all.get(17).join()).hasCauseInstanceOf(Refusal.class);
        all.stream().filter(each -> each != all.get(17)).forEach(CompletableFuture::join);
        assertThat(count("failed")).isEqualTo(1);
    }

    @Test
    void append_thatKeepsFailing_isGivenUp() {
        kept.setBroken(true);
        append.appendLater(note(), 1, false);

        await().until(() -> count("dropped") == 1);
        assertThat(append.waiting()).isZero();
    }

    @Test
    void append_beyondTheBound_isRefused_andWhatCanBeMissedIsDroppedBefore() {
        kept.hold(true);
        append.appendLater(note(), 1, false);
        await().until(() -> kept.attempts() == 1);
        IntStream.range(0, 30).forEach(i -> append.appendLater(note(), 1_000, true));
        assertThat(append.waiting()).isEqualTo(25);
        assertThat(count("dropped")).isEqualTo(5);
        List<CompletableFuture<Void>> writes = IntStream.range(0, 26)
                .mapToObj(i -> append.append(note(), 1_000))
                .toList();

        assertThat(writes.get(25)).isCompletedExceptionally();
        kept.hold(false);
        writes.subList(0, 25).forEach(CompletableFuture::join);
        assertThat(count("failed")).isEqualTo(1);
    }

    @Test
    void close_keepsWhatWaits_andTakesNothingMore() {
        kept.hold(true);
        append.appendLater(note(), 1, false);
        await().until(() -> kept.attempts() == 1);
        append.appendLater(note(), 1, false);
        kept.hold(false);
        append.close();

        assertThat(kept.batches().stream().mapToInt(List::size).sum()).isEqualTo(2);
        assertThat(append.append(note(), 1)).isCompletedExceptionally();
    }
}
