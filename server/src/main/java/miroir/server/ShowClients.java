package miroir.server;

import java.nio.channels.SocketChannel;
import miroir.server.pipeline.ConnectedClient;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Shows requests who waits for their answers, beneath whatever the connection is wrapped in. */
final class ShowClients extends Handler.Wrapper {
    ShowClients(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Object transport = request.getConnectionMetaData().getConnection().getEndPoint();
        while (transport instanceof EndPoint endPoint) {
            transport = endPoint.getTransport();
        }
        request.setAttribute(
                ConnectedClient.ATTRIBUTE,
                new ConnectedClient(transport instanceof SocketChannel channel ? channel : null));
        return super.handle(request, response, callback);
    }
}
