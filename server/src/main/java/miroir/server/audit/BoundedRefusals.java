package miroir.server.audit;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.NoteId;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/**
 * Which refusals are noted one by one, and which are only counted.
 *
 * <p>The problem: whoever is refused can ask again at once, thousands of times a second and from many addresses, and each time would leave a note.
 *
 * <p>The approach: each network may leave some at once, and one a second; all together some dozens. What is beyond that is counted, and the newest of it is
 * noted with the count as soon as there is room again. So what is written is bounded, and nothing is left out of the counts. The table of networks is
 * bounded too; who does not fit in shares a place with all others of that kind.
 */
final class BoundedRefusals {
    /** How many refusals that one note stands for, beside its own. */
    static final String MORE = "more";

    private static final int OF_NETWORK = 10;
    private static final int OF_ALL = 200;
    private static final int OF_ALL_EACH_SECOND = 20;
    private static final int MOST_NETWORKS = 10_000;
    private static final String OTHERS = "";

    private final InstantSource clock;
    private final Map<String, Room> networks = new LinkedHashMap<>();
    private final Room all;

    BoundedRefusals(InstantSource clock) {
        this.clock = clock;
        this.all = new Room(OF_ALL, OF_ALL_EACH_SECOND);
    }

    /** For how many notes there is room, and what had none. */
    private final class Room {
        private final int most;
        private final int eachSecond;
        private double left;
        private long millis = clock.millis();
        private @Nullable Note latest;
        private long counted;

        Room(int most, int eachSecond) {
            this.most = most;
            this.eachSecond = eachSecond;
            this.left = most;
        }

        boolean isFree() {
            long now = clock.millis();
            left = Math.min(most, left + Math.max(0, now - millis) * eachSecond / 1000.0);
            millis = now;
            return left >= 1;
        }

        boolean isUntouched() {
            return counted == 0 && isFree() && left >= most;
        }

        void count(Note note) {
            latest = note;
            counted++;
        }

        /** With the time at which it is noted, so that who reads on from there finds it. */
        void drainTo(List<Note> due) {
            Note note = latest;
            if (note != null) {
                BsonDocument content = note.content().clone();
                if (counted > 1) {
                    content.append(MORE, new BsonInt64(counted - 1));
                }
                due.add(new Note(NoteId.make(clock.instant()), content));
            }
            latest = null;
            counted = 0;
        }
    }

    /** What is to be noted at once; empty where it is only counted. */
    synchronized Optional<Note> note(String network, Note refusal) {
        Room room = room(network);
        if (room.counted == 0 && take(room)) {
            return Optional.of(refusal);
        }
        room.count(refusal);
        return Optional.empty();
    }

    private Room room(String network) {
        boolean fits = networks.containsKey(network) || networks.size() < MOST_NETWORKS;
        return networks.computeIfAbsent(fits ? network : OTHERS, name -> new Room(OF_NETWORK, 1));
    }

    private boolean take(Room room) {
        if (!room.isFree() || !all.isFree()) {
            return false;
        }
        room.left--;
        all.left--;
        return true;
    }

    /** What was counted, and can be noted by now; who is noted is the last of the next time. */
    synchronized List<Note> counted() {
        List<Note> due = new ArrayList<>();
        Map<String, Room> noted = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, Room>> each = networks.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, Room> network = each.next();
            Room room = network.getValue();
            if (room.isUntouched()) {
                each.remove();
            } else if (room.counted > 0 && take(room)) {
                room.drainTo(due);
                noted.put(network.getKey(), room);
                each.remove();
            }
        }
        networks.putAll(noted);
        return due;
    }

    /** All that was counted, when there is no next time. */
    synchronized List<Note> rest() {
        List<Note> rest = new ArrayList<>();
        networks.values().forEach(room -> room.drainTo(rest));
        return rest;
    }
}
