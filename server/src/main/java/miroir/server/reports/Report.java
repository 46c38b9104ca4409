package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.server.pipeline.Exchange;

/** What answers at one path below {@code /reports}. */
interface Report {
    void answer(Exchange exchange, HttpServletResponse response) throws IOException;
}
