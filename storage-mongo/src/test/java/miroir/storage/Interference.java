package miroir.storage;

import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import java.util.HashSet;
import java.util.Set;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What happens once after a command about a type or about the whole database, before whoever sent it goes on. */
final class Interference implements CommandListener {
    private final BsonString type;
    private final Set<Integer> concerned = new HashSet<>();
    private String command = "";
    private Runnable after = () -> {};

    Interference(String type) {
        this.type = new BsonString(type);
    }

    /** The action may say what happens after a command that comes later. */
    synchronized void after(String name, Runnable action) {
        command = name;
        after = () -> {
            command = "";
            action.run();
        };
    }

    @Override
    public synchronized void commandStarted(CommandStartedEvent event) {
        BsonValue of = event.getCommand().get(event.getCommandName(), BsonNull.VALUE);
        if (event.getCommandName().equals(command) && (type.equals(of) || !of.isString())) {
            concerned.add(event.getRequestId());
        }
    }

    @Override
    public synchronized void commandSucceeded(CommandSucceededEvent event) {
        ended(event.getRequestId());
    }

    @Override
    public synchronized void commandFailed(CommandFailedEvent event) {
        ended(event.getRequestId());
    }

    private void ended(int request) {
        if (concerned.remove(request)) {
            after.run();
        }
    }
}
