package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerConnectionState;
import com.mongodb.connection.ServerDescription;
import com.mongodb.connection.ServerType;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaUtilDate") // the driver's descriptions have no other
class NotFarBehindTest {
    private static final long NOW = 1_700_000_000_000L;

    private static ServerDescription member(String host, ServerType type, long writtenAt) {
        return member(host, type, writtenAt, 0);
    }

    private static ServerDescription member(String host, ServerType type, long writtenAt, long askedAt) {
        return ServerDescription.builder()
                .address(new ServerAddress(host))
                .type(type)
                .state(ServerConnectionState.CONNECTED)
                .ok(true)
                .lastWriteDate(new Date(writtenAt))
                .lastUpdateTimeNanos(TimeUnit.MILLISECONDS.toNanos(askedAt))
                .build();
    }

    private static List<String> selected(ServerDescription... members) {
        ClusterDescription cluster =
                new ClusterDescription(ClusterConnectionMode.MULTIPLE, ClusterType.REPLICA_SET, List.of(members));
        return new NotFarBehind()
                .select(cluster).stream()
                        .map(each -> each.getAddress().getHost())
                        .toList();
    }

    @Test
    void select_secondariesThatKeepUp_areReadFrom() {
        assertThat(selected(
                        member("a", ServerType.REPLICA_SET_PRIMARY, NOW),
                        member("b", ServerType.REPLICA_SET_SECONDARY, NOW - 3_000),
                        member("c", ServerType.REPLICA_SET_SECONDARY, NOW - 3_001)))
                .containsExactly("b");
    }

    @Test
    void select_aSecondaryThatWasAskedLater_isToHaveWhatWasWrittenSince() {
        ServerDescription primary = member("a", ServerType.REPLICA_SET_PRIMARY, NOW, 1_000);
        assertThat(selected(primary, member("b", ServerType.REPLICA_SET_SECONDARY, NOW - 2_000, 2_000)))
                .containsExactly("b");
        assertThat(selected(primary, member("b", ServerType.REPLICA_SET_SECONDARY, NOW - 2_001, 2_000)))
                .containsExactly("a");
        assertThat(selected(primary, member("b", ServerType.REPLICA_SET_SECONDARY, NOW - 4_000, 0)))
                .containsExactly("b");
    }

    @Test
    void select_noneKeepsUp_isThePrimary() {
        assertThat(selected(
                        member("a", ServerType.REPLICA_SET_PRIMARY, NOW),
                        member("b", ServerType.REPLICA_SET_SECONDARY, NOW - 60_000)))
                .containsExactly("a");
    }

    @Test
    void select_withoutAPrimary_isWhoeverIsThere() {
        assertThat(selected(member("b", ServerType.REPLICA_SET_SECONDARY, NOW))).containsExactly("b");
    }

    @Test
    void select_thePrimaryAlone_isIt() {
        assertThat(selected(member("a", ServerType.REPLICA_SET_PRIMARY, NOW))).containsExactly("a");
    }
}
