// The least that a script with HTTP can be: Node, its own HTTPS client, one request.
import 'node:https';
import * as http from 'node:http';

http.get(`${process.env['BENCH_INFISICAL_URL'] ?? ''}/api/status`, (response) => response.resume());
