<?php
// Posts a signed message with PHP's streams, with one slip that people make in PHP.

$slip = $argv[1];
$message = ['type' => 'link.send_email', 'data' => ['id' => 'NB2Zlz3', 'email' => 'ayşe/1@example.com']];
$sent = json_encode($message, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
$secret = getenv('WEBHOOK_SECRET');

$id = 'msg_php';
$timestamp = time();
$key = base64_decode($slip === 'whole secret decoded' ? $secret : substr($secret, 6));
$signed = [
    'json_encode again' => json_encode($message),
    'pretty print' => json_encode($message, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
    'array in a text' => 'Array',
][$slip] ?? $sent;
$text = "$id.$timestamp.$signed";
if ($slip === 'timestamp first') {
    $text = "$timestamp.$id.$signed";
} elseif ($slip === 'body alone') {
    $text = $signed;
}
$signature = [
    'hexadecimal' => hash_hmac('sha256', $text, $key),
    'base64 of hexadecimal' => base64_encode(hash_hmac('sha256', $text, $key)),
    'rtrim' => rtrim(base64_encode(hash_hmac('sha256', $text, $key, true)), '='),
][$slip] ?? base64_encode(hash_hmac('sha256', $text, $key, true));

file_get_contents(getenv('RELAY_URL') . '/webhook', false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [
        'content-type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        "webhook-signature: v1,$signature",
    ],
    'content' => $sent,
    'ignore_errors' => true,
]]));
