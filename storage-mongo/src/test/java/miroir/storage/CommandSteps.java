package miroir.storage;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Counts what a store does to some collections, command by command, and stops it before one of them until it may go on. */
final class CommandSteps implements CommandListener {
    private final Set<BsonValue> collections;
    private final Map<String, Integer> byName = new HashMap<>();
    private int steps;
    private int stopBefore;
    private boolean forGood;
    private boolean isStopped;

    CommandSteps(String... collections) {
        this.collections =
                Set.copyOf(Arrays.stream(collections).map(BsonString::new).toList());
    }

    /** Counts anew, and stops before that step; 0: before none. */
    synchronized void stopBefore(int step) {
        byName.clear();
        steps = 0;
        stopBefore = step;
        forGood = false;
        isStopped = false;
    }

    /** Stops it before whatever it does next, in all its threads. */
    synchronized void standStill() {
        stopBefore(1);
        forGood = true;
    }

    synchronized void goOn() {
        stopBefore = 0;
        notifyAll();
    }

    synchronized boolean isStopped() {
        return isStopped;
    }

    synchronized int steps() {
        return steps;
    }

    /** How many commands of this name there were, to these collections or to none. */
    synchronized int count(String name) {
        return byName.getOrDefault(name, 0);
    }

    @Override
    public synchronized void commandStarted(CommandStartedEvent event) {
        BsonValue collection = event.getCommand().get(event.getCommandName(), BsonNull.VALUE);
        if (!collection.isString() || collections.contains(collection)) {
            byName.merge(event.getCommandName(), 1, Integer::sum);
        }
        if (!collections.contains(collection)) {
            return;
        }
        int step = ++steps;
        while (stopBefore > 0 && (step == stopBefore || (forGood && step > stopBefore))) {
            isStopped = true;
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
