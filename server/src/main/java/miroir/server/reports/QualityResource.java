package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** {@code /reports/quality.json}: the newest report as a MeasureReport. */
final class QualityResource implements Report {
    private static final int USUAL = 1 << 14;

    private final Quality quality;

    QualityResource(Quality quality) {
        this.quality = quality;
    }

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        QualityReport report = quality.newest(exchange).report();
        Quality.tellAge(report, response);
        Utf8Buffer out = new Utf8Buffer(USUAL);
        ResourceWriter.write(
                new RawBsonDocument(
                        report.resource(exchange.root() + Router.REPORTS + "/quality"), new BsonDocumentCodec()),
                out,
                true);
        response.setContentType("application/fhir+json;charset=UTF-8");
        response.setContentLength(out.size());
        out.writeTo(response.getOutputStream());
        exchange.wrote(out.size());
    }
}
