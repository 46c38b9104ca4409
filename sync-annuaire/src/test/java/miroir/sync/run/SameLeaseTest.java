package miroir.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import miroir.storage.ledger.Lease;
import org.junit.jupiter.api.Test;

class SameLeaseTest {
    private static Lease lease(long token, int until) {
        return new Lease("synchronisation", "me", token, Instant.ofEpochSecond(until));
    }

    @Test
    void lease_renewed_isGoodForTheRun() {
        Lease[] held = {lease(7, 10)};
        SameLease same = new SameLease(() -> held[0]);

        assertThat(same.lease().until()).isEqualTo(Instant.ofEpochSecond(10));
        held[0] = lease(7, 20);
        assertThat(same.lease().until()).isEqualTo(Instant.ofEpochSecond(20));
    }

    @Test
    void lease_lostAndTakenAgainByTheSameProcess_isLostForTheRun() {
        Lease[] held = {lease(7, 10)};
        SameLease same = new SameLease(() -> held[0]);
        same.lease();
        held[0] = lease(9, 30);

        assertThatThrownBy(same::lease)
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.LEASE_LOST));
    }
}
