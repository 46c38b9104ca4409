package miroir.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * What it costs server and database to read practitioners, one after the other.
 *
 * @param reads so many of them
 */
public record ReadCost(long serverPid, long databasePid, int reads) {

    /**
     * CPU of both for each read, in microseconds.
     *
     * @param round in which they are read in the same order
     */
    public double micros(HttpConnection connection, List<String> ids, int round) throws IOException {
        Random random = new Random(round);
        double before = seconds();
        for (int i = 0; i < reads; i++) {
            String target = "/fhir/Practitioner/" + ids.get(random.nextInt(ids.size()));
            int status = connection.get(target);
            if (status != 200) {
                throw new IllegalStateException(target + " was answered with " + status + ": " + connection.body());
            }
        }
        return (seconds() - before) * 1e6 / reads;
    }

    private double seconds() {
        return ProcessCpu.seconds(serverPid) + ProcessCpu.seconds(databasePid);
    }
}
