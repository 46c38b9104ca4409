package miroir.storage.testing;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/** Three mongods of our own as one replica set. */
public final class LocalReplicaSet implements AutoCloseable {
    private static final int MEMBERS = 3;
    /** After how long without the primary a member wants to be it: MongoDB's own, so that no member that gets no processor for a while has it step down. */
    private static final Duration USUAL_ELECTION = Duration.ofSeconds(10);

    /** Where elections are what is tried: whoever waits for them sees the same, and waits less. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<LocalMongod> members;
    private final List<LocalMongod> killed = new ArrayList<>();

    private LocalReplicaSet(List<LocalMongod> members) {
        this.members = members;
    }

    /** Initiated, with a primary, which stays it, and two secondaries. */
    public static LocalReplicaSet start(Path binary) {
        return start(binary, USUAL_ELECTION);
    }

    /** With another primary soon after the one is gone. */
    public static LocalReplicaSet startToElect(Path binary) {
        return start(binary, SOON);
    }

    private static LocalReplicaSet start(Path binary, Duration election) {
        LocalReplicaSet started = new LocalReplicaSet(
                Stream.generate(() -> LocalMongod.member(binary)).limit(MEMBERS).toList());
        try {
            started.members
                    .get(0)
                    .initiate(
                            started.members,
                            new BsonDocument("electionTimeoutMillis", new BsonInt64(election.toMillis())));
            started.secondaries().forEach(LocalMongod::awaitSecondary);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    public String uri() {
        return "mongodb://" + members.stream().map(LocalMongod::host).collect(Collectors.joining(","))
                + "/?replicaSet=tests";
    }

    /** The one that takes writes, once there is one. */
    LocalMongod primary() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> members.stream().filter(LocalMongod::isPrimary).toList(),
                        primaries -> primaries.size() == 1)
                .get(0);
    }

    private List<LocalMongod> secondaries() {
        LocalMongod primary = primary();
        return members.stream().filter(member -> member != primary).toList();
    }

    /** As {@code kill -9} would, the one that takes writes. */
    public void killPrimary() {
        LocalMongod primary = primary();
        primary.kill();
        killed.add(primary);
    }

    /** The one that takes writes steps down, as for a change of its machine; another one is elected, and whoever writes meanwhile is refused. */
    public void stepDownPrimary() {
        primary().stepDown();
    }

    /** Starts those again that were killed; whether they lead is for the members to say. */
    public void restartKilled() {
        killed.forEach(LocalMongod::restartAsMember);
        killed.clear();
    }

    /** Waits until all members that do not lead answer reads. */
    public void awaitSecondaries() {
        secondaries().forEach(LocalMongod::awaitSecondary);
    }

    /** One of those that do not lead answers, and gets nothing new until what is returned is run. */
    public Runnable holdBackSecondary() {
        LocalMongod held = secondaries().get(0);
        held.holdBack(true);
        return () -> held.holdBack(false);
    }

    /** One of those that do not lead stands still until {@link #resumeAll}. */
    public void pauseSecondary() {
        secondaries().get(0).pause();
    }

    public void resumeAll() {
        members.forEach(LocalMongod::resume);
    }

    /** How many queries the others were asked. */
    public long queriesOfSecondaries() {
        return secondaries().stream().mapToLong(LocalMongod::queries).sum();
    }

    @Override
    public void close() {
        members.forEach(LocalMongod::close);
    }
}
