;; Between the interpreter's own functions and the component model: what it imports as `host.call` becomes a typed
;; import, and its `turn` a typed export. It works in the interpreter's memory and has none of its own.
(module
  (import "env" "memory" (memory 0))
  (import "__main_module__" "turn" (func $turn (param i32 i32) (result i32)))
  (import "__main_module__" "host_alloc" (func $host_alloc (param i32) (result i32)))
  ;; The list that comes back: where it lies, and its length, are written to the last parameter.
  (import "sandmill:run-science/door" "call" (func $door (param i32 i32 i32)))

  ;; Eight bytes of the interpreter's for that, taken once.
  (global $written (mut i32) (i32.const 0))

  ;; A request for a response, which the interpreter frees. 0 says that all went well.
  (func (export "call") (param $request i32) (param $length i32) (param $response i32) (param $response_length i32)
    (result i32)
    (if (i32.eqz (global.get $written))
      (then (global.set $written (call $host_alloc (i32.const 8)))))
    (call $door (local.get $request) (local.get $length) (global.get $written))
    (i32.store (local.get $response) (i32.load (global.get $written)))
    (i32.store (local.get $response_length) (i32.load offset=4 (global.get $written)))
    (i32.const 0))

  ;; The text is the interpreter's from here on.
  (func (export "sandmill:run-science/interpreter#turn") (param $code i32) (param $length i32) (result i32)
    (call $turn (local.get $code) (local.get $length)))

  ;; Where the host lays what it hands over. It never makes anything larger.
  (func $allocate (param $old i32) (param $old_length i32) (param $align i32) (param $length i32) (result i32)
    (if (local.get $old) (then (unreachable)))
    (call $host_alloc (local.get $length)))
  (export "cabi_import_realloc" (func $allocate))
  (export "cabi_export_realloc" (func $allocate)))
