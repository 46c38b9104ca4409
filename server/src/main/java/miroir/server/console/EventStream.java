package miroir.server.console;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A browser that listens. Nothing waits for it: what it has not taken when something newer comes is never sent, so that one that stands still
 * costs a few kilobytes and no thread.
 */
final class EventStream implements WriteListener, AsyncListener {
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private static final byte[] OVER = "event: over\ndata:\n\n".getBytes(StandardCharsets.UTF_8);

    /** No look has it. */
    private static final long NOTHING = 0;

    private volatile View view;
    private final String whose;
    private final List<String> fragments;
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final long opened = System.nanoTime();

    /** The number of the look of each fragment that was sent last; touched by whoever sends. */
    private final Map<String, Long> sent = new HashMap<>();

    private final Map<String, byte[]> waiting = new LinkedHashMap<>();
    private boolean isToFlush;
    private volatile long allowed = opened;
    private volatile boolean isEnding;
    private volatile boolean isOver;

    /** @param whose of all streams that are somebody's together */
    EventStream(View view, String whose, List<String> fragments, AsyncContext context) throws IOException {
        this.view = view;
        this.whose = whose;
        this.fragments = List.copyOf(fragments);
        this.context = context;
        this.out = context.getResponse().getOutputStream();
    }

    void begin() {
        context.setTimeout(0);
        context.addListener(this);
        out.setWriteListener(this);
    }

    View view() {
        return view;
    }

    /** Whoever looks may do so still, and sees what that page has for him now. */
    void allowed(View now) {
        view = now;
        allowed = System.nanoTime();
    }

    /** When that was known last, by the same clock as {@link #opened()}. */
    long allowed() {
        return allowed;
    }

    String whose() {
        return whose;
    }

    /** When somebody began to listen, by the clock that counts nanoseconds. */
    long opened() {
        return opened;
    }

    List<String> fragments() {
        return fragments;
    }

    boolean isOver() {
        return isOver;
    }

    /** Shows how something looks, unless it was shown already; of who took what was before, only what became different. */
    void show(String name, Look look) {
        Long seen = sent.put(name, look.number());
        if (!isEnding && (seen == null || seen != look.number())) {
            boolean isWhole = seen == null || seen == NOTHING;
            synchronized (waiting) {
                waiting.put(name, isWhole || waiting.containsKey(name) ? look.event() : look.event(seen));
            }
            drain();
        }
    }

    /** Says that this part cannot be read now, or is there no more, once until it is shown again; then as a whole. */
    void away(String name) {
        if (!Objects.equals(sent.put(name, NOTHING), NOTHING) && !isEnding) {
            synchronized (waiting) {
                waiting.put(name, ("event: away\ndata: " + name + "\n\n").getBytes(StandardCharsets.UTF_8));
            }
            drain();
        }
    }

    /** Tells the browser, and whatever stands between, that it is still there. */
    void beat() {
        if (isEnding) {
            // It was told, and did not take it.
            close();
            return;
        }
        synchronized (waiting) {
            waiting.put("", HEARTBEAT);
        }
        drain();
    }

    /** Tells the browser that it is to ask from time to time instead, and lets it go. */
    void end() {
        synchronized (waiting) {
            waiting.clear();
            waiting.put("", OVER);
            isEnding = true;
        }
        drain();
    }

    /** Whether it is told already that it is over. */
    boolean isEnding() {
        return isEnding || isOver;
    }

    @Override
    public void onWritePossible() {
        drain();
    }

    private void drain() {
        synchronized (waiting) {
            try {
                while (!isOver && out.isReady()) {
                    byte[] next = next();
                    if (next != null) {
                        out.write(next);
                        isToFlush = true;
                    } else if (isToFlush) {
                        isToFlush = false;
                        out.flush();
                    } else {
                        closeIfEnding();
                        return;
                    }
                }
            } catch (IOException | IllegalStateException gone) {
                close();
            }
        }
    }

    private void closeIfEnding() {
        if (isEnding) {
            close();
        }
    }

    private byte @Nullable [] next() {
        if (waiting.isEmpty()) {
            return null;
        }
        String first = waiting.keySet().iterator().next();
        return waiting.remove(first);
    }

    void close() {
        if (!isOver) {
            isOver = true;
            try {
                context.complete();
            } catch (IllegalStateException alreadyOver) {
                // Then there is nothing to end.
                isOver = true;
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        isOver = true;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // It is begun once.
    }
}
