package miroir.server.console;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser that listens, without a network; it takes all that it is told. */
final class Listener extends ServletOutputStream {
    private final boolean isGone;
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final List<AsyncListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    /** @param isGone whether it has gone before it is told anything */
    Listener(boolean isGone) {
        this.isGone = isGone;
    }

    String told() {
        return String.join("", told);
    }

    /** Whether it was let go. */
    boolean isOver() {
        return isOver;
    }

    HttpServletRequest request() {
        return as(HttpServletRequest.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getCookies" -> new Cookie[] {new Cookie("miroir_session", "miroir_session_of-a-listener")};
            case "startAsync" -> context();
            default -> null;
        });
    }

    HttpServletResponse response() {
        return as(
                HttpServletResponse.class,
                (proxy, method, arguments) -> method.getName().equals("getOutputStream") ? this : null);
    }

    private AsyncContext context() {
        return as(AsyncContext.class, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "getResponse" -> {
                    return response();
                }
                case "addListener" -> listeners.add((AsyncListener) arguments[0]);
                case "complete" -> isOver = true;
                default -> {
                    // Nothing of it is needed.
                }
            }
            return null;
        });
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** It goes by itself. */
    void leave() throws IOException {
        for (AsyncListener each : listeners) {
            each.onComplete(new AsyncEvent(context()));
        }
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        if (isGone) {
            throw new IllegalStateException("it has gone");
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void write(int letter) {
        told.add(Character.toString(letter));
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        told.add(new String(bytes, from, length, StandardCharsets.UTF_8));
    }
}
