package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.console.Fragments.Fragment;
import miroir.server.pipeline.Exchange;

/**
 * {@code /admin/events}, and {@code /events} for everybody: fragments as they are now, one event for each whenever it looks different. {@code page} is where they stand,
 * {@code of} is each of them. With {@code once} they are answered as a page, for browsers that ask from time to time.
 */
public final class ConsoleEvents extends HttpServlet implements AutoCloseable {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 8;

    private final transient Pages pages;
    private final transient Fragments fragments;
    private final transient EventStreams streams;

    ConsoleEvents(Pages pages, Fragments fragments, EventStreams streams) {
        this.pages = pages;
        this.fragments = fragments;
        this.streams = streams;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        List<String> names = values(exchange, "of");
        if (names.isEmpty() || names.size() > MOST) {
            throw new Refusal(
                    Refusal.Reason.INVALID, "of is there " + names.size() + " times; allowed is 1 to " + MOST);
        }
        String page = ConsolePages.value(exchange.query(), "page");
        View view = pages.view(exchange, ConsolePages.isOurs(page) ? page : "/admin");
        List<Fragment> found = names.stream().map(fragments::find).toList();
        found.forEach(fragment -> fragment.require(view));
        found.forEach(fragment -> fragment.begin(view));
        response.setHeader("Cache-Control", "no-store");
        if (values(exchange, "once").isEmpty()) {
            found.stream().filter(each -> !streams.isLookedAt(each.name())).forEach(Fragment::requireThere);
            streams.open(view, names, request, response);
        } else {
            once(response, view, found);
        }
    }

    /** What never ends has no length, and whoever asks for that is not kept waiting. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
    }

    private static void once(HttpServletResponse response, View view, List<Fragment> fragments) throws IOException {
        StringBuilder html = new StringBuilder();
        for (Fragment fragment : fragments) {
            html.append(fragment.html(view, fragment.once()));
        }
        byte[] body = html.toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        view.exchange().wrote(body.length);
    }

    private static List<String> values(Exchange exchange, String name) {
        return exchange.query().stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .toList();
    }

    /** How many browsers listen. */
    public int listening() {
        return streams.size();
    }

    /** Called when the server stops. */
    @Override
    public void destroy() {
        close();
    }

    @Override
    public void close() {
        streams.close();
    }
}
