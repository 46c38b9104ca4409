package miroir.simulator.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Two sites on one port: what the world knows as the directory, and behind it the hand that moves it. */
final class SimulatorHandler extends Handler.Abstract {
    private final DirectoryApi directory;
    private final Controls controls;

    SimulatorHandler(DirectoryApi directory, Controls controls) {
        this.directory = directory;
        this.controls = controls;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer = new Answer(request, response, callback);
        if (answer.path().startsWith("/simulator")) {
            controls.handle(answer);
        } else {
            directory.handle(answer);
        }
        return true;
    }
}
