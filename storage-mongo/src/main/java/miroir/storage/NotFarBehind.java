package miroir.storage;

import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.selector.ServerSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Of members of a replica set that may be read from, the secondaries that keep up with the primary; all of them where there are none. A read waits until its member has what it
 * must have, so from one that was stopped for an hour it would wait for as long as it may take.
 *
 * <p>How far behind one is, is what both said of their last write when they were last asked, corrected by the time that lies between the two answers: the clocks of members
 * are compared with their own, and what is added up is measured here. One that does not answer any more is known no longer when its last answer is six seconds old: what is being read of it is then read again.
 */
final class NotFarBehind implements ServerSelector {
    /** Members are asked once a second, and what a primary wrote in between looks like being behind. */
    static final Duration MOST = Duration.ofSeconds(3);

    @Override
    public List<ServerDescription> select(ClusterDescription cluster) {
        List<ServerDescription> all = cluster.getServerDescriptions();
        List<ServerDescription> upToDate = all.stream()
                .filter(ServerDescription::isSecondary)
                .filter(secondary -> all.stream()
                        .filter(ServerDescription::isPrimary)
                        .allMatch(primary -> behind(secondary, primary).compareTo(MOST) <= 0))
                .toList();
        return upToDate.isEmpty() ? primaries(all) : upToDate;
    }

    private static List<ServerDescription> primaries(List<ServerDescription> all) {
        List<ServerDescription> primaries =
                all.stream().filter(ServerDescription::isPrimary).toList();
        return primaries.isEmpty() ? all : primaries;
    }

    private static Duration behind(ServerDescription secondary, ServerDescription primary) {
        Instant ofSecondary = lastWrite(secondary);
        Instant ofPrimary = lastWrite(primary);
        long askedLater =
                secondary.getLastUpdateTime(TimeUnit.MILLISECONDS) - primary.getLastUpdateTime(TimeUnit.MILLISECONDS);
        return Duration.between(ofSecondary, ofPrimary).plusMillis(askedLater);
    }

    /** The beginning of time where it is not known. */
    private static Instant lastWrite(ServerDescription member) {
        Date date = member.getLastWriteDate();
        return date == null ? Instant.EPOCH : date.toInstant();
    }
}
