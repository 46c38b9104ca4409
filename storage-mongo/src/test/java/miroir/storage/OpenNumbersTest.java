package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import miroir.index.Refusal;
import miroir.index.store.ContractFields;
import org.junit.jupiter.api.Test;

final class OpenNumbersTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000);
    private static final Instant LATER = NOW.plusMillis(500);

    private final OpenNumbers numbers = new OpenNumbers();

    @Test
    void begin_nothingKnown_isRefusedWithTheReason() {
        assertThatThrownBy(() -> numbers.begin(LATER))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nobody asked the database yet");
    }

    @Test
    void least_commitOpenWithAnEarlierNumber_isThatUntilItEnds() {
        numbers.writeWith(documents(1));
        OpenNumbers.Use earlier = numbers.begin(LATER);
        numbers.writeWith(documents(2));

        assertThat(numbers.begin(LATER).documents().number()).isEqualTo(2);
        assertThat(numbers.least(NOW)).isEqualTo(1);
        numbers.end(earlier);
        assertThat(numbers.least(NOW)).isEqualTo(2);
    }

    @Test
    void least_twoOpenWithOneNumber_isThatUntilBothEnd() {
        numbers.writeWith(documents(1));
        OpenNumbers.Use one = numbers.begin(LATER);
        OpenNumbers.Use other = numbers.begin(LATER);
        numbers.writeWith(documents(2));
        numbers.end(one);

        assertThat(numbers.least(NOW)).isEqualTo(1);
        numbers.end(other);
        assertThat(numbers.least(NOW)).isEqualTo(2);
    }

    @Test
    void least_commitThatCannotBeAppliedAnyMore_doesNotCount() {
        numbers.writeWith(documents(1));
        OpenNumbers.Use stoodStill = numbers.begin(LATER);
        numbers.writeWith(documents(2));

        assertThat(numbers.least(LATER)).isEqualTo(1);
        assertThat(numbers.least(LATER.plusMillis(1))).isEqualTo(2);
        numbers.end(stoodStill);
        assertThat(numbers.least(NOW)).isEqualTo(2);
    }

    @Test
    void end_ofOneThatIsNotCountedAnyMore_endsNoOther() {
        numbers.writeWith(documents(1));
        OpenNumbers.Use stoodStill = numbers.begin(LATER);
        numbers.least(LATER.plusMillis(1));
        OpenNumbers.Use later = numbers.begin(LATER.plusMillis(500));

        numbers.end(stoodStill);
        numbers.writeWith(documents(2));

        assertThat(numbers.least(NOW)).isEqualTo(1);
        numbers.end(later);
        assertThat(numbers.least(NOW)).isEqualTo(2);
    }

    @Test
    void stop_refusesAndPromisesNoMoreThanBefore() {
        numbers.writeWith(documents(1));
        numbers.stop("what is newer is not understood");

        assertThatThrownBy(() -> numbers.begin(LATER)).hasMessageContaining("not understood");
        assertThat(numbers.least(NOW)).isEqualTo(1);
        numbers.writeWith(documents(2));
        assertThat(numbers.begin(LATER).documents().number()).isEqualTo(2);
    }

    @Test
    void writeWith_anEarlierNumber_changesNothing() {
        numbers.writeWith(documents(2));
        numbers.writeWith(documents(1));

        assertThat(numbers.current().number()).isEqualTo(2);
    }

    @Test
    void reach_learnsWhatIsClosed() {
        numbers.writeWith(documents(1));
        numbers.learnFrom(closed -> numbers.writeWith(documents(closed)));

        numbers.reach(3, NOW);

        assertThat(numbers.current().number()).isEqualTo(3);
    }

    @Test
    void reach_notLearnt_isRefused() {
        numbers.writeWith(documents(1));

        assertThatThrownBy(() -> numbers.reach(2, NOW))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    private static VersionDocuments documents(long number) {
        return Numbers.documents(new ContractFields(), number);
    }
}
