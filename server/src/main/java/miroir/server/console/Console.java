package miroir.server.console;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import miroir.server.access.AccessParts;
import miroir.server.admin.AdminActions;
import miroir.server.admin.ExportActions;
import miroir.server.admin.SettingActions;
import miroir.server.admin.SubscriptionActions;
import miroir.server.load.Load;
import miroir.storage.sync.Register;
import org.jspecify.annotations.Nullable;

/** The administrators' pages of a tenant, put together. */
public final class Console implements AutoCloseable {
    private final ConsolePages pages;
    private final ConsoleForms forms;
    private final ConsoleEvents events;
    private final ExecutorService beside;

    private Console(ConsolePages pages, ConsoleForms forms, ConsoleEvents events, ExecutorService beside) {
        this.pages = pages;
        this.forms = forms;
        this.events = events;
        this.beside = beside;
    }

    /**
     * The console.
     *
     * @param types that can be copied
     * @param register of synchronisations; null: there is none
     * @param subscriptions of which some may be delivered
     * @param exports of which some may be made
     * @param load what is asked of this server
     */
    public static Console of(
            Pages pages,
            AccessParts access,
            AdminActions actions,
            SettingActions settings,
            Set<String> types,
            @Nullable Register register,
            ResourcePages resources,
            SubscriptionActions subscriptions,
            ExportActions exports,
            Load load,
            InstantSource clock) {
        ReadSynchronisations read = new ReadSynchronisations(register, clock);
        ReadAccess ofAccess = new ReadAccess(access);
        ExecutorService beside = Executors.newSingleThreadExecutor(Console::thread);
        ReadAudit audit = new ReadAudit(actions, beside);
        Fragments fragments =
                ConsoleFragments.of(read, ofAccess, audit, resources, subscriptions, exports, load, settings);
        EventStreams streams = new EventStreams(fragments, EventStreams.MOST);
        ConsolePages shown = new ConsolePages(
                pages, read, ofAccess, audit, resources, subscriptions, exports, load, settings, types);
        actions.whenDone(streams::hurry);
        ConsoleEvents events = new ConsoleEvents(pages, fragments, streams);
        return new Console(shown, new ConsoleForms(pages, shown, actions), events, beside);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "console-beside");
        thread.setDaemon(true);
        return thread;
    }

    public ConsolePages pages() {
        return pages;
    }

    public ConsoleForms forms() {
        return forms;
    }

    public ConsoleEvents events() {
        return events;
    }

    /** How many browsers listen. */
    public int listening() {
        return events.listening();
    }

    @Override
    public void close() {
        events.close();
        beside.shutdownNow();
    }
}
