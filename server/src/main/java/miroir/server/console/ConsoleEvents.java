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
 * {@code /admin/events}: fragments as they are now, one event for each whenever it looks different. {@code page} is where they stand, {@code of} is each of them. With
 * {@code once} they are answered as a page, for browsers that ask from time to time.
 */
public final class ConsoleEvents extends HttpServlet {
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
        names.forEach(fragments::find);
        String page = ConsolePages.value(exchange.query(), "page");
        View view = pages.view(exchange, ConsolePages.isOurs(page) ? page : "/admin");
        response.setHeader("Cache-Control", "no-store");
        if (values(exchange, "once").isEmpty()) {
            streams.open(view, names, request, response);
        } else {
            once(response, view, names);
        }
    }

    private void once(HttpServletResponse response, View view, List<String> names) throws IOException {
        StringBuilder html = new StringBuilder();
        for (String name : names) {
            Fragment fragment = fragments.find(name);
            html.append(fragment.html(view, fragment.present()));
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

    /** Called when the server stops. */
    @Override
    public void destroy() {
        streams.close();
    }
}
