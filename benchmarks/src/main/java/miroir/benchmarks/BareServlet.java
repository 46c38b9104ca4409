package miroir.benchmarks;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/** The least that answers the workloads: the same queries, the same bytes, no FHIR around them. */
final class BareServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int PAGE = 50;

    private final transient MongoCollection<RawBsonDocument> practitioners;

    BareServlet(MongoCollection<RawBsonDocument> practitioners) {
        this.practitioners = practitioners;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Utf8Buffer body = request.getQueryString() == null
                ? read(request.getPathInfo().substring("/Practitioner/".length()))
                : search();
        response.setContentType("application/fhir+json;charset=UTF-8");
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
    }

    private Utf8Buffer read(String id) {
        RawBsonDocument found = practitioners
                .find(Filters.eq("_id", id))
                .projection(Projections.include("fhir", "v", "from", "n"))
                .first();
        if (found == null) {
            throw new IllegalStateException("there is no practitioner " + id);
        }
        Utf8Buffer out = new Utf8Buffer(4096);
        ResourceWriter.write(fhir(found), out, false);
        return out;
    }

    private Utf8Buffer search() {
        List<RawBsonDocument> found = practitioners
                .find(Filters.eq("t_active-value", "true"))
                .projection(Projections.include("fhir", "v", "from", "n"))
                .sort(Sorts.ascending("n"))
                .limit(PAGE + 1)
                .batchSize(PAGE + 1)
                .into(new ArrayList<>());
        Utf8Buffer out = new Utf8Buffer(PAGE * 4096);
        out.putAscii("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[");
        for (int i = 0; i < Math.min(PAGE, found.size()); i++) {
            out.putAscii(i == 0 ? "{\"fullUrl\":" : ",{\"fullUrl\":");
            out.putQuoted("http://127.0.0.1/fhir/Practitioner/"
                    + found.get(i).getString("_id").getValue());
            out.putAscii(",\"resource\":");
            ResourceWriter.write(fhir(found.get(i)), out, false);
            out.putAscii(",\"search\":{\"mode\":\"match\"}}");
        }
        out.putAscii("]}");
        return out;
    }

    private static RawBsonDocument fhir(RawBsonDocument found) {
        return (RawBsonDocument) found.getDocument("fhir");
    }
}
