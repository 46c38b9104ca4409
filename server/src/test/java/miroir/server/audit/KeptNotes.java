package miroir.server.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.store.KeptAudit;
import miroir.index.store.NoteId;
import org.jspecify.annotations.Nullable;

/** Keeps notes nowhere but here, batch by batch, and fails as the test says. */
final class KeptNotes implements KeptAudit {
    private final List<List<Note>> batches = new ArrayList<>();
    private int attempts;
    private boolean broken;
    private boolean held;
    private @Nullable Note refused;

    synchronized void setBroken(boolean to) {
        broken = to;
    }

    /** This one cannot be kept. */
    synchronized void refuse(Note note) {
        refused = note;
    }

    /** Whoever appends waits. */
    synchronized void hold(boolean to) {
        held = to;
        notifyAll();
    }

    synchronized List<List<Note>> batches() {
        return List.copyOf(batches);
    }

    synchronized int attempts() {
        return attempts;
    }

    @Override
    public synchronized void append(List<Note> notes) {
        attempts++;
        while (held) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (broken) {
            throw new Refusal(Refusal.Reason.NOT_READY, "broken");
        }
        if (notes.contains(refused)) {
            throw new IllegalArgumentException("too large");
        }
        batches.add(List.copyOf(notes));
    }

    @Override
    public void prepare(@Nullable Duration retention) {}

    @Override
    public Found find(Question question, boolean newestFirst, @Nullable NoteId after, int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
