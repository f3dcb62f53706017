<?php
/**
 * A shop that uses openapi-generator's PHP client, with Guzzle. It signs in a middleware, over the very bytes that are sent.
 *
 * Arguments: the client's folder, the relay's address, a secret, a mobile number.
 */

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Middleware;
use OpenAPI\Client\Api\ShopApi;
use OpenAPI\Client\ApiException;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model\Create;
use OpenAPI\Client\Model\Delete;
use OpenAPI\Client\Model\DeleteByCallbackId;
use OpenAPI\Client\Model\Get;
use OpenAPI\Client\Model\GetData;
use OpenAPI\Client\Model\NewProduct;
use OpenAPI\Client\Model\Send;
use Psr\Http\Message\RequestInterface;

[, $folder, $url, $secret, $phone] = $argv;
require 'GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class) use ($folder) {
    $file = $folder . '/src/' . str_replace('\\', '/', substr($class, strlen('OpenAPI\\Client\\'))) . '.php';
    if (strpos($class, 'OpenAPI\\Client\\') === 0 && is_file($file)) {
        require $file;
    }
});

$key = base64_decode(substr($secret, strlen('whsec_')));
$handler = HandlerStack::create();
$handler->push(Middleware::mapRequest(function (RequestInterface $request) use ($key) {
    $now = time();
    $signed = "{$request->getHeaderLine('webhook-id')}.$now.{$request->getBody()}";
    return $request->withHeader('webhook-timestamp', (string) $now)
        ->withHeader('webhook-signature', 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true)));
}));
$shop = new ShopApi(new Client(['handler' => $handler]), (new Configuration())->setHost($url));
// What the relay takes; the middleware writes what is right at the moment of sending.
$post = fn (string $id, $message) => $shop->sendMessage($id, '1', 'v1,' . str_repeat('A', 43) . '=', $message);

$product = new NewProduct(['name' => 'Order 1001', 'price' => 2550, 'send' => new Send(['cell_phone' => $phone])]);
$created = $post('php_1', new Create(['type' => 'link.create', 'data' => $product]));
$data = ['callback_id' => $created->getLink()->getCallbackId()];
$found = $post('php_2', new Get(['type' => 'link.get', 'data' => new GetData($data)]));
$deleted = $post('php_3', new Delete(['type' => 'link.delete', 'data' => new DeleteByCallbackId($data)]));
try {
    $post('php_4', new Get(['type' => 'link.get', 'data' => new GetData(['callback_id' => str_repeat('0', 64)])]));
} catch (ApiException $refused) {
    $problem = json_decode($refused->getResponseBody());
}
echo json_encode([
    'outcomes' => array_map(fn ($answer) => $answer->getOutcome(), [$created, $found, $deleted]),
    'sends' => array_map(fn ($send) => $send->getOutcome(), $created->getSends()),
    'refused' => $problem->code ?? null,
]);
